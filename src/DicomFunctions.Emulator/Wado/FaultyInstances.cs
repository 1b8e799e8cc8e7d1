using DicomFunctions.Emulator.Faults;
using DicomFunctions.Emulator.Storage;

namespace DicomFunctions.Emulator.Wado;

/// <summary>Changes the instances of a retrieval as the faults of the store say.</summary>
internal static class FaultyInstances
{
    public static IReadOnlyList<InstanceEntry> Of(IReadOnlyList<InstanceEntry> instances, DicomStore store, FaultOptions faults)
    {
        var sent = instances.Skip(faults.OmitInstances);
        if (faults.ReverseInstances)
            sent = sent.Reverse();
        if (faults.RepeatInstances > 0)
            sent = sent.Concat(sent.Take(faults.RepeatInstances));
        if (faults.AddInstance && Another(instances, store) is { } another)
            sent = sent.Append(another);
        return [.. sent];
    }

    private static InstanceEntry? Another(IReadOnlyList<InstanceEntry> instances, DicomStore store) =>
        store.Studies.ToArray()
            .SelectMany(study => study.Series.Items.ToArray())
            .SelectMany(series => series.Instances.Items.ToArray())
            .Except(instances)
            .FirstOrDefault();
}
