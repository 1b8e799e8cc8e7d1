namespace DicomFunctions.Core.Jobs;

/// <summary>Finds the owner of a job, and asks it.</summary>
internal sealed class JobOwners(IEnumerable<IJobOwner> owners)
{
    /// <summary>Why an action on a job is refused, and what to do instead; null if it is allowed.</summary>
    public string? Refuse(JobSpec spec, JobAction action) =>
        spec.Owner is null ? null
        : Find(spec) is { } owner ? owner.Refuse(action)
        : $"The job belongs to the workflow instance '{spec.Owner}', which this host does not run.";

    /// <summary>Why this host must not send any of a job's inputs, and what to do; null if it may.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="server">The server this host sends to.</param>
    public string? RefuseToSend(JobSpec spec, DicomWeb.DicomServer server)
    {
        if (spec.IsFor(server))
            return null;
        var hint = Find(spec)?.OtherServerHint ?? "Resume it on a host set up for its server, or submit its inputs here as a new job.";
        return $"The job is for {(object?)spec.AcceptedFor ?? spec.Server}, and this host sends to {server}: nothing was sent. {hint}";
    }

    private IJobOwner? Find(JobSpec spec) => owners.FirstOrDefault(owner => owner.Instance == spec.Owner);
}
