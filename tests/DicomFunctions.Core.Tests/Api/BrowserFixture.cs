using DicomFunctions.Testing.Browsing;
using Xunit;

namespace DicomFunctions.Core.Tests.Api;

/// <summary>One browser for all tests of a class, where there is one.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private Browser? _browser;

    public Browser Browser => _browser ?? throw new InvalidOperationException(Browser.Missing);

    public async Task InitializeAsync() => _browser = Browser.Missing is null ? await Browser.StartAsync() : null;

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
    }
}
