namespace DicomFunctions.Emulator.Dicom;

/// <summary>One attribute of the data dictionary.</summary>
internal sealed record DictionaryEntry(uint Tag, Vr Vr, string Keyword, AttributeLevel Level);
