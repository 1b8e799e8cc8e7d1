namespace DicomFunctions.Core.Health;

/// <summary>One thing that a host needs to do its work.</summary>
public interface IHealthCheck
{
    /// <summary>What is checked, in snake_case.</summary>
    string Name { get; }

    /// <summary>It asks servers elsewhere, with this host's credentials: only for whoever has the key, and not often.</summary>
    bool IsDeep { get; }

    /// <summary>
    /// What is wrong and what to do, without secrets or patient data; null: nothing. What it throws counts as wrong too.
    /// </summary>
    Task<string?> FindProblemAsync(CancellationToken cancellationToken);
}
