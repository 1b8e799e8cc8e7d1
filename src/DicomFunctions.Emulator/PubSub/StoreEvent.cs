using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Storage;

namespace DicomFunctions.Emulator.PubSub;

/// <summary>An event of a store: an instance was stored or deleted.</summary>
internal sealed record StoreEvent(string Action, InstanceKey Key, string Modality)
{
    public static StoreEvent Stored(InstanceHeader header) => new("StoreInstances", header.Key, header.Attributes.Text(Tags.Modality));

    public static StoreEvent Deleted(InstanceEntry instance) => new("DeleteInstances", instance.Key, instance.Series.Modality);
}
