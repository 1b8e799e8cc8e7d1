using Microsoft.Extensions.DependencyInjection;

namespace DicomFunctions.Core.Settings;

/// <summary>Registers options that are validated when the host starts.</summary>
internal static class CheckedOptions
{
    /// <summary>Binds a section, refuses unknown keys, and validates the values when the host starts.</summary>
    public static IServiceCollection AddCheckedOptions<TOptions>(
        this IServiceCollection services, string sectionName)
        where TOptions : class
    {
        services.AddOptions<TOptions>()
            .BindConfiguration(sectionName, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        return services;
    }
}
