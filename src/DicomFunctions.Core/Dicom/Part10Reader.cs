namespace DicomFunctions.Core.Dicom;

internal static class Part10Reader
{
    public static Part10Result Read(ReadOnlySpan<byte> prefix, bool isWhole) => prefix.IsEmpty && isWhole ? Part10Result.NotDicom("The file is empty.") : Part10Result.NeedMore;
}
