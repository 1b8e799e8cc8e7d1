namespace DicomFunctions.Core.Failures;

/// <summary>The one rule for what may be told of an exception.</summary>
internal static class FailureText
{
    /// <summary>The message of an <see cref="ISafeMessage"/>, or the exception's type.</summary>
    public static string Of(Exception exception) => exception is ISafeMessage ? exception.Message : exception.GetType().Name;
}
