using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using DicomFunctions.Core.Streams;

namespace DicomFunctions.Core.Jobs.Inputs;

/// <summary>
/// Computes a hash of a submission as it is written: its inputs, its files and its options. How they came is not part of it: a multipart
/// body has another boundary each time it is sent.
/// </summary>
internal sealed class SubmissionHash : IDisposable
{
    private const byte Input = (byte)'i';
    private const byte File = (byte)'f';
    private const byte Options = (byte)'o';

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void AddInput(ReadOnlySpan<byte> json) => Add(Input, json);

    public void AddInput(in ReadOnlySequence<byte> json)
    {
        Begin(Input, json.Length);
        foreach (var segment in json)
            _hash.AppendData(segment.Span);
    }

    /// <summary>Begins a file. Dispose of the stream once it has been read to its end.</summary>
    public Stream AddFile(Stream content) => new FileStream(this, content);

    /// <summary>The hash, in hexadecimal.</summary>
    public string Complete(ReadOnlySpan<byte> options)
    {
        Add(Options, options);
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    public void Dispose() => _hash.Dispose();

    private void Add(byte kind, ReadOnlySpan<byte> content)
    {
        Begin(kind, content.Length);
        _hash.AppendData(content);
    }

    /// <summary>Marks where content begins, so that no two lists of contents have the same bytes.</summary>
    private void Begin(byte kind, long length)
    {
        Span<byte> mark = stackalloc byte[1 + sizeof(long)];
        mark[0] = kind;
        BinaryPrimitives.WriteInt64LittleEndian(mark[1..], length);
        _hash.AppendData(mark);
    }

    /// <summary>Adds the hash of a file, whose length is not known before its end.</summary>
    private sealed class FileStream(SubmissionHash owner, Stream inner) : ReadOnlyStream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            _hash.AppendData(buffer[..read]);
            return read;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            _hash.AppendData(buffer.Span[..read]);
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                owner.Add(File, _hash.GetCurrentHash());
                _hash.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
