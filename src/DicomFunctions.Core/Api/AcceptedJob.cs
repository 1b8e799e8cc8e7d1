namespace DicomFunctions.Core.Api;

/// <summary>The answer to an accepted job.</summary>
internal sealed record AcceptedJob(string Id, string StatusUrl, string ResultsUrl);
