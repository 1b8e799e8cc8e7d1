namespace DicomFunctions.Core.Overview;

/// <summary>Reports on the newest jobs and the host. Many readers cost what one costs.</summary>
internal interface IOverviewReports
{
    /// <summary>The report, at most a few seconds old.</summary>
    /// <exception cref="Storage.ObjectStoreException">The object store cannot be used.</exception>
    Task<OverviewReport> GetAsync(CancellationToken cancellationToken);
}
