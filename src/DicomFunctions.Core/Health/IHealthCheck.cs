namespace DicomFunctions.Core.Health;

/// <summary>Checks one thing that a host needs to do its work.</summary>
internal interface IHealthCheck
{
    /// <summary>The name of the check, in snake_case.</summary>
    string Name { get; }

    /// <summary>Whether it asks other servers with this host's credentials. Such a check needs a key and runs rarely.</summary>
    bool IsDeep { get; }

    /// <summary>
    /// What is wrong and what to do, without secrets or patient data; null if nothing is. An exception counts as a problem too.
    /// </summary>
    Task<string?> FindProblemAsync(CancellationToken cancellationToken);
}
