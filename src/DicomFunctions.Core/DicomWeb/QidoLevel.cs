namespace DicomFunctions.Core.DicomWeb;

/// <summary>The resources a search returns (PS3.18 §10.6.1.1).</summary>
public enum QidoLevel
{
    Studies,
    Series,
    Instances,
}
