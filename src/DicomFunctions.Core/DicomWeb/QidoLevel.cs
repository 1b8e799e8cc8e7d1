namespace DicomFunctions.Core.DicomWeb;

/// <summary>The level of a search's results (PS3.18 §10.6.1.1).</summary>
public enum QidoLevel
{
    Studies,
    Series,
    Instances,
}
