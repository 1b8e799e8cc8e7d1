namespace DicomFunctions.Core.Net;

/// <summary>Is told how a service slows requests down. Called while requests wait, one call at a time, so it must return at once.</summary>
internal interface IPaceWatch
{
    /// <summary>Requests are held back. Called again at every change.</summary>
    /// <param name="rate">Requests a second; null if only a pause holds them back.</param>
    /// <param name="pause">How long the service asks to wait; zero if it does not.</param>
    void OnSlowed(double? rate, TimeSpan pause);

    /// <summary>Nothing holds requests back any more.</summary>
    void OnFullSpeed();
}
