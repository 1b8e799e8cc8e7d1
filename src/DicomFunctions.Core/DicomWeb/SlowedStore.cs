namespace DicomFunctions.Core.DicomWeb;

/// <summary>The pace of a store that refused too many requests.</summary>
/// <param name="Store">The path of the store, or the root of the DICOMweb server.</param>
/// <param name="Rate">Requests a second that this process sends at most; 0 while the store has asked for a pause.</param>
internal sealed record SlowedStore(string Store, double Rate);
