namespace DicomFunctions.Local.Hosting;

/// <summary>Which interrupted instances a host continues at start. Without a filter: all.</summary>
internal sealed record ResumeFilter(Func<string, bool> Resumes);
