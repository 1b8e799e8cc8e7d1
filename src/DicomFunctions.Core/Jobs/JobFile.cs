using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs;

/// <summary>A small file of a job as it was read: its content, or the damage found, or neither if there is no file.</summary>
internal readonly record struct JobFile<T>(T? Content, string? Damage)
    where T : class
{
    /// <summary>Whether there is no such file.</summary>
    public bool IsMissing => Content is null && Damage is null;

    /// <summary>The content; null if there is no file.</summary>
    /// <exception cref="ObjectDamagedException">The file is damaged.</exception>
    public T? OrThrow() => Damage is null ? Content : throw new ObjectDamagedException(Damage);
}
