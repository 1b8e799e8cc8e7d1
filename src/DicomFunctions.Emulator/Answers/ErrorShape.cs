namespace DicomFunctions.Emulator.Answers;

/// <summary>The shapes in which error bodies have been seen.</summary>
public enum ErrorShape
{
    /// <summary><c>{"error":{…}}</c></summary>
    Google,

    /// <summary><c>[{"error":{…}}]</c></summary>
    Array,

    /// <summary>Plain text.</summary>
    Text,

    /// <summary>An HTML page.</summary>
    Html,

    /// <summary>No body.</summary>
    Empty,
}
