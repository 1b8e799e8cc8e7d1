using System.ComponentModel.DataAnnotations;

namespace DicomFunctions.Core.Settings;

/// <summary>Requires an absolute <c>http</c> or <c>https</c> URL, or null.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class HttpUrlAttribute() : ValidationAttribute("{0} must be an http or https URL.")
{
    public override bool IsValid(object? value) => value is null or Uri { IsAbsoluteUri: true, Scheme: "http" or "https" };
}
