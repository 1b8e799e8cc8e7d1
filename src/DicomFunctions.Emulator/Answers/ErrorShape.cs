namespace DicomFunctions.Emulator.Answers;

/// <summary>The shapes of error bodies that servers and proxies have been seen to send.</summary>
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
