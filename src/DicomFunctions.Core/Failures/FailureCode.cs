namespace DicomFunctions.Core.Failures;

/// <summary>
/// Why an input failed: the closed list of a record's <c>error.code</c>. Programs and counts go by it; the texts beside it are for people.
/// </summary>
public static class FailureCode
{
    // The request.

    /// <summary>The request is not valid; the record's status says what is wrong with it.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>This host's settings, or its user's permissions, forbid it.</summary>
    public const string Forbidden = "forbidden";

    // Messages.

    /// <summary>The message has no data, or data that is not base64 of UTF-8 text.</summary>
    public const string NoData = "no_data";

    /// <summary>The text of the message is not the path of an instance.</summary>
    public const string Malformed = "malformed";

    /// <summary>The path does not name a DICOM store.</summary>
    public const string NotADicomStore = "not_a_dicom_store";

    /// <summary>The path names a study.</summary>
    public const string StudyLevel = "study_level";

    /// <summary>The path names a series.</summary>
    public const string SeriesLevel = "series_level";

    /// <summary>An id in the path is empty.</summary>
    public const string EmptyId = "empty_id";

    /// <summary>An id of the store is not valid.</summary>
    public const string BadId = "bad_id";

    /// <summary>An id is not a UID.</summary>
    public const string BadUid = "bad_uid";

    // Sources.

    /// <summary>The reference of a source is malformed or of an unknown kind.</summary>
    public const string BadReference = "bad_reference";

    /// <summary>The destination is not a store.</summary>
    public const string BadDestination = "bad_destination";

    /// <summary>A dropped file is in the folder of an alias that no setting names.</summary>
    public const string UnknownAlias = "unknown_alias";

    /// <summary>There is no store for a dropped file outside the folders of aliases.</summary>
    public const string NoDestination = "no_destination";

    /// <summary>The pattern matches nothing, or the folder is empty.</summary>
    public const string NoMatch = "no_match";

    /// <summary>The pattern stands for more sources than a job may have.</summary>
    public const string TooMany = "too_many";

    /// <summary>The source, or the path of a message, is empty.</summary>
    public const string Empty = "empty";

    /// <summary>The file is not DICOM (PS3.10).</summary>
    public const string NotDicom = "not_dicom";

    /// <summary>The source changed since it was opened.</summary>
    public const string Changed = "changed";

    /// <summary>The source exists but cannot be read.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>The server or file system that holds the source did not answer; try again later.</summary>
    public const string Unavailable = "unavailable";

    // What the server answered.

    /// <summary>401: the server refuses the credential.</summary>
    public const string Unauthenticated = "unauthenticated";

    /// <summary>403, or the failure reason 0124H: the credential lacks a permission, or there is no such store.</summary>
    public const string PermissionDenied = "permission_denied";

    /// <summary>404 and 410: there is no such source, store, study, series or instance.</summary>
    public const string NotFound = "not_found";

    /// <summary>409: the store has another instance under the same UIDs.</summary>
    public const string Conflict = "conflict";

    /// <summary>413, or the failure reasons A7xxH: it is too large for the server, or for what is left of its resources.</summary>
    public const string OutOfResources = "out_of_resources";

    /// <summary>406 and 415: the server cannot give, or does not take, this media type.</summary>
    public const string Unsupported = "unsupported";

    /// <summary>429: the quota is used up, or the server is told too much at once.</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>400 and the other 4xx: the server refuses the request.</summary>
    public const string Rejected = "rejected";

    /// <summary>5xx, or the failure reason 0110H: the server failed.</summary>
    public const string ServerError = "server_error";

    /// <summary>The failure reason 0122H: the server does not take the SOP class.</summary>
    public const string SopClassNotSupported = "sop_class_not_supported";

    /// <summary>The failure reason C122H: the server does not take the transfer syntax.</summary>
    public const string TransferSyntaxNotSupported = "transfer_syntax_not_supported";

    /// <summary>The failure reasons A9xxH, 0115H and 0117H: the data set is not what its SOP class asks for.</summary>
    public const string InvalidDataSet = "invalid_data_set";

    /// <summary>The other failure reasons CxxxH: the server cannot understand the instance.</summary>
    public const string CannotUnderstand = "cannot_understand";

    /// <summary>The server answered, and did not say whether it stored the instance.</summary>
    public const string Unconfirmed = "unconfirmed";

    /// <summary>The answer is not what was asked for: another media type, another instance, not DICOM.</summary>
    public const string BadAnswer = "bad_answer";

    /// <summary>The server left something out, or said that there is more and did not give it.</summary>
    public const string Incomplete = "incomplete";

    /// <summary>The answer is larger than the settings of this host allow.</summary>
    public const string OverLimit = "over_limit";

    // No answer.

    /// <summary>This host has no access token: its credentials are missing or not valid.</summary>
    public const string NoCredentials = "no_credentials";

    /// <summary>The server cannot be reached.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The server's certificate is not trusted.</summary>
    public const string Untrusted = "untrusted";

    /// <summary>The server did not answer in time.</summary>
    public const string TimedOut = "timed_out";

    /// <summary>The answer broke off.</summary>
    public const string BrokenOff = "broken_off";

    // This host.

    /// <summary>The place of a retrieved file is taken by other bytes.</summary>
    public const string NameTaken = "name_taken";

    /// <summary>A client that was registered instead of the built-in one threw an exception.</summary>
    public const string ClientFailed = "client_failed";

    /// <summary>In counts: failures of more codes than are counted one by one.</summary>
    public const string Other = "other";

    /// <summary>The code of an HTTP status code that is not a success.</summary>
    public static string OfStatus(int status) => status switch
    {
        206 => Incomplete,
        401 => Unauthenticated,
        403 => PermissionDenied,
        404 or 410 => NotFound,
        406 or 415 or 501 => Unsupported,
        408 or 504 => TimedOut,
        409 => Conflict,
        413 => OutOfResources,
        429 => RateLimited,
        >= 400 and < 500 => Rejected,
        >= 500 and < 600 => ServerError,
        _ => BadAnswer,
    };
}
