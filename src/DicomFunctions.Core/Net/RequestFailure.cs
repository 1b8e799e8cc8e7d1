namespace DicomFunctions.Core.Net;

/// <summary>Why a request has no answer.</summary>
internal enum RequestFailure : byte
{
    /// <summary>It has one.</summary>
    None,

    /// <summary>There is no access token, so it was not sent.</summary>
    NoToken,

    /// <summary>The server was silent for too long.</summary>
    TimedOut,

    /// <summary>The server cannot be reached.</summary>
    Disconnected,

    /// <summary>The connection broke before the answer was complete.</summary>
    BrokenOff,

    /// <summary>What answers does not speak HTTP, or says more than allowed.</summary>
    Unreadable,

    /// <summary>The server's certificate is not trusted.</summary>
    Untrusted,

    /// <summary>This host is in trouble.</summary>
    Host,
}
