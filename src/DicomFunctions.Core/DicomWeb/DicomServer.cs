namespace DicomFunctions.Core.DicomWeb;

/// <summary>A server in full: its address, without credentials, and how its stores are addressed.</summary>
/// <param name="Address">As configured, with any user name and password removed.</param>
/// <param name="IsRoot">The address is a DICOMweb service root, used as it is; otherwise store paths follow it.</param>
internal sealed record DicomServer(Uri Address, bool IsRoot)
{
    private const string Google = "googleapis.com";

    public Uri Address { get; } = Address.UserInfo.Length == 0 ? Address : new UriBuilder(Address) { UserName = "", Password = "" }.Uri;

    /// <summary>What jobs of earlier builds kept of their server: neither its scheme nor how its stores are addressed.</summary>
    public string ShortName =>
        IsGoogleHost ? Google
        : Address.IsLoopback ? "localhost"
        : Address.GetComponents(UriComponents.Host | UriComponents.Port | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');

    private bool IsGoogleHost => Address.Host.EndsWith("." + Google, StringComparison.Ordinal);

    /// <summary>Whether both lead to the same stores: all of Google's endpoints do, and all names of this machine's loopback.</summary>
    public bool IsSameAs(DicomServer other) => IsRoot == other.IsRoot && Key == other.Key;

    /// <summary>The address, and how it is used.</summary>
    public override string ToString() =>
        Address.AbsoluteUri.TrimEnd('/') + (IsRoot ? " (a DICOMweb root)" : " (followed by projects/…)");

    private string Key =>
        IsGoogleHost && !IsRoot ? Google
        : $"{Address.Scheme}://{(Address.IsLoopback ? "localhost" : Address.Host)}:{Address.Port}{Address.PathAndQuery.TrimEnd('/')}";
}
