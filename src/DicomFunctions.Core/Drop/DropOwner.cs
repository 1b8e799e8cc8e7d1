using DicomFunctions.Core.Jobs;

namespace DicomFunctions.Core.Drop;

/// <summary>
/// The drop folder as the owner of its jobs. They cannot be continued by hand: their files lie where the next round finds them, or in
/// <c>drop/failed</c>, and today's settings, not those of the old job, say which store they go to.
/// </summary>
internal sealed class DropOwner : IJobOwner
{
    public string Instance => DropActivities.InstanceId;

    public string OtherServerHint => "Its files that are still in drop/incoming become another job, for this host's server.";

    public string? Refuse(JobAction action) => action switch
    {
        JobAction.Resume => "The job belongs to the drop folder, which uploads the files in drop/incoming again by itself.",
        JobAction.Retry =>
            "The job belongs to the drop folder. To retry its failed files, move them from drop/failed back to drop/incoming.",
        _ => null,
    };
}
