namespace DicomFunctions.Local.Hosting;

/// <summary>Which interrupted instances a host goes on with when it starts. Without one: all.</summary>
internal sealed record ResumeFilter(Func<string, bool> Resumes);
