using Microsoft.Extensions.DependencyInjection;

namespace DicomFunctions.Core.Settings;

/// <summary>Registers options whose settings are checked when the host starts.</summary>
internal static class CheckedOptions
{
    /// <summary>Binds a section, refuses keys it does not know, and checks the values when the host starts.</summary>
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
