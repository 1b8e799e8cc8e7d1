namespace DicomFunctions.Local.Phantom;

/// <summary>
/// A head of ellipsoids, after Shepp and Logan: a skull, a brain, two ventricles, eyes, and a bleeding.
/// Coordinates are in half fields of view: x to the patient's left, y to the back, z to the head.
/// </summary>
internal static class PhantomHead
{
    private const int Air = -1000;

    private static readonly Ellipsoid[] Parts =
    [
        new(2000, 0.69, 0.90, 0.88, 0, 0, 0, 0), // bone: 1000 HU
        new(-965, 0.64, 0.84, 0.82, 0, 0.01, 0, 0), // brain: 35 HU
        new(-27, 0.10, 0.32, 0.30, 0.18, -0.02, 0.05, -18), // the ventricles: 8 HU
        new(-27, 0.13, 0.38, 0.34, -0.18, -0.02, 0.05, 18),
        new(-25, 0.13, 0.13, 0.13, 0.28, -0.64, -0.35, 0), // the eyes: 10 HU
        new(-25, 0.13, 0.13, 0.13, -0.28, -0.64, -0.35, 0),
        new(-935, 0.09, 0.16, 0.16, 0, -0.62, -0.40, 0), // a sinus: air
        new(8, 0.30, 0.18, 0.25, 0, 0.52, -0.25, 0), // the cerebellum: 43 HU
        new(40, 0.07, 0.09, 0.10, 0.40, 0.22, 0.20, 30), // a bleeding: 75 HU
    ];

    /// <summary>The density at a point in Hounsfield units.</summary>
    public static int DensityAt(double x, double y, double z)
    {
        var density = Air;
        foreach (var part in Parts)
        {
            if (part.Contains(x, y, z))
                density += part.Density;
        }

        return density;
    }

    /// <summary>Adds <paramref name="Density"/> to the points it covers.</summary>
    private sealed record Ellipsoid(int Density, double A, double B, double C, double X, double Y, double Z, double Degrees)
    {
        private readonly (double Sin, double Cos) _turn = Math.SinCos(Degrees * Math.PI / 180);

        public bool Contains(double x, double y, double z)
        {
            x -= X;
            y -= Y;
            z -= Z;
            var along = ((x * _turn.Cos) + (y * _turn.Sin)) / A;
            var across = ((y * _turn.Cos) - (x * _turn.Sin)) / B;
            return (along * along) + (across * across) + (z * z / (C * C)) <= 1;
        }
    }
}
