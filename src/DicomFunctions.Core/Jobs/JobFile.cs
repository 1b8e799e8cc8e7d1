using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs;

/// <summary>One of a job's small files as it was read: its content, nothing where there is no file, or what is wrong with it.</summary>
internal readonly record struct JobFile<T>(T? Content, string? Damage)
    where T : class
{
    /// <summary>There is no such file.</summary>
    public bool IsMissing => Content is null && Damage is null;

    /// <summary>The content; null where there is no file.</summary>
    /// <exception cref="ObjectDamagedException">The file is damaged.</exception>
    public T? OrThrow() => Damage is null ? Content : throw new ObjectDamagedException(Damage);
}
