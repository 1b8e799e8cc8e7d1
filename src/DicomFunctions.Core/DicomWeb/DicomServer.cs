namespace DicomFunctions.Core.DicomWeb;

/// <summary>A server: its address, without credentials, and how its stores are addressed.</summary>
/// <param name="Address">The configured address, without user name and password.</param>
/// <param name="IsRoot">Whether the address is a DICOMweb service root, used as it is. Otherwise store paths follow it.</param>
internal sealed record DicomServer(Uri Address, bool IsRoot)
{
    private const string Google = "googleapis.com";

    public Uri Address { get; } = Address.UserInfo.Length == 0 ? Address : new UriBuilder(Address) { UserName = "", Password = "" }.Uri;

    /// <summary>The server's name in jobs of earlier builds, which has neither scheme nor addressing.</summary>
    public string ShortName =>
        IsGoogleHost ? Google
        : Address.IsLoopback ? "localhost"
        : Address.GetComponents(UriComponents.Host | UriComponents.Port | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');

    private bool IsGoogleHost => Address.Host.EndsWith("." + Google, StringComparison.Ordinal);

    /// <summary>Whether both lead to the same stores. All of Google's endpoints do, and all names of the loopback.</summary>
    public bool IsSameAs(DicomServer other) => IsRoot == other.IsRoot && Key == other.Key;

    /// <summary>The address and how it is used.</summary>
    public override string ToString() =>
        Address.AbsoluteUri.TrimEnd('/') + (IsRoot ? " (a DICOMweb root)" : " (followed by projects/…)");

    private string Key =>
        IsGoogleHost && !IsRoot ? Google
        : $"{Address.Scheme}://{(Address.IsLoopback ? "localhost" : Address.Host)}:{Address.Port}{Address.PathAndQuery.TrimEnd('/')}";
}
