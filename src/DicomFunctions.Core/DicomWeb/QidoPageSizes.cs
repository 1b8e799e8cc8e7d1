using System.ComponentModel.DataAnnotations;

namespace DicomFunctions.Core.DicomWeb;

/// <summary>The most rows to request at once, for each level.</summary>
public sealed class QidoPageSizes
{
    [Range(1, 1_000_000)]
    public int Studies { get; set; } = 5_000;

    [Range(1, 1_000_000)]
    public int Series { get; set; } = 5_000;

    [Range(1, 1_000_000)]
    public int Instances { get; set; } = 10_000;

    internal int For(QidoLevel level) => level switch
    {
        QidoLevel.Studies => Studies,
        QidoLevel.Series => Series,
        _ => Instances,
    };
}
