namespace DicomFunctions.Emulator.Dicom;

/// <summary>Is told of a data set's elements in their order while <see cref="DicomReader"/> walks over it.</summary>
internal interface IDicomVisitor
{
    /// <summary>Whether the value is wanted; what is not wanted is skipped unread.</summary>
    bool Wants(uint tag, Vr vr, long length);

    /// <summary>A wanted value. The bytes are valid during the call only.</summary>
    void Value(uint tag, Vr vr, ReadOnlySpan<byte> bytes, bool bigEndian);

    void BeginSequence(uint tag);

    void BeginItem();

    void EndItem();

    void EndSequence();
}
