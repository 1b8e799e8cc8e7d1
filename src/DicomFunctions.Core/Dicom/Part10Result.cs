using System.Diagnostics.CodeAnalysis;

namespace DicomFunctions.Core.Dicom;

/// <summary>The result of <see cref="Part10Header.Read"/>.</summary>
internal readonly record struct Part10Result
{
    private Part10Result(Part10Status status, Part10Header? header, string? reason) => (Status, Header, Reason) = (status, header, reason);

    /// <summary>More bytes of the file are needed.</summary>
    public static Part10Result NeedMore => default;

    public Part10Status Status { get; }

    /// <summary>The header; not null for <see cref="Part10Status.Found"/>.</summary>
    public Part10Header? Header { get; }

    /// <summary>Why the file is <see cref="Part10Status.NotDicom"/>, without any of its content.</summary>
    public string? Reason { get; }

    [MemberNotNullWhen(true, nameof(Header))]
    public bool IsFound => Header is not null;

    [MemberNotNullWhen(true, nameof(Reason))]
    public bool IsNotDicom => Reason is not null;

    internal static Part10Result Found(Part10Header header) => new(Part10Status.Found, header, null);

    internal static Part10Result NotDicom(string reason) => new(Part10Status.NotDicom, null, reason);
}
