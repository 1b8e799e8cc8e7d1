namespace DicomFunctions.Emulator.Dicom;

/// <summary>Receives the elements of a data set, in their order, from <see cref="DicomReader"/>.</summary>
internal interface IDicomVisitor
{
    /// <summary>Whether to read the value; otherwise it is skipped.</summary>
    bool Wants(uint tag, Vr vr, long length);

    /// <summary>A wanted value. The bytes are valid during the call only.</summary>
    void Value(uint tag, Vr vr, ReadOnlySpan<byte> bytes, bool bigEndian);

    void BeginSequence(uint tag);

    void BeginItem();

    void EndItem();

    void EndSequence();
}
