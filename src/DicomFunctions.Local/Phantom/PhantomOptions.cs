namespace DicomFunctions.Local.Phantom;

/// <summary>Options of a synthetic series. The same options give the same bytes.</summary>
internal sealed record PhantomOptions
{
    public const int MaxSlices = 9999;
    public const int MaxSize = 4096;

    /// <summary>The number of images: 1 to <see cref="MaxSlices"/>.</summary>
    public int Slices { get; init; } = 16;

    /// <summary>The height of an image in pixels: 1 to <see cref="MaxSize"/>.</summary>
    public int Rows { get; init; } = 128;

    /// <summary>The width of an image in pixels: 1 to <see cref="MaxSize"/>.</summary>
    public int Columns { get; init; } = 128;

    /// <summary>A different seed is a different patient, with different UIDs.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Says what is out of range; null if nothing is.</summary>
    public string? Problem() =>
        Slices is < 1 or > MaxSlices ? $"A series has 1 to {MaxSlices} slices."
        : Rows is < 1 or > MaxSize || Columns is < 1 or > MaxSize ? $"An image has 1 to {MaxSize} rows and columns."
        : null;
}
