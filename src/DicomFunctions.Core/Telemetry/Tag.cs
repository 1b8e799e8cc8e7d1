namespace DicomFunctions.Core.Telemetry;

/// <summary>The names of the attributes of spans and metrics. None has a value that could identify a patient.</summary>
internal static class Tag
{
    public const string Activity = "dicomfunctions.activity";
    public const string Attempt = "http.request.resend_count";
    public const string ErrorType = "error.type";
    public const string Instance = "dicomfunctions.instance.id";
    public const string JobKind = "dicomfunctions.job.kind";
    public const string JobState = "dicomfunctions.job.state";
    public const string Method = "http.request.method";
    public const string Operation = "dicomfunctions.operation";
    public const string Outcome = "dicomfunctions.outcome";
    public const string Route = "http.route";
    public const string StatusClass = "dicomfunctions.status_class";
    public const string StatusCode = "http.response.status_code";
    public const string Turn = "dicomfunctions.turn";
    public const string Workflow = "dicomfunctions.workflow";

    public const string Success = "success";
    public const string Failure = "failure";

    public static KeyValuePair<string, object?> Of(string name, string value) => new(name, value);

    /// <summary>The attribute <see cref="Outcome"/>.</summary>
    public static KeyValuePair<string, object?> OfOutcome(bool isSuccess) => new(Outcome, isSuccess ? Success : Failure);
}
