namespace DicomFunctions.Core.Http;

/// <summary>The answer to an accepted job.</summary>
internal sealed record AcceptedJob(string Id, string StatusUrl, string ResultsUrl);
