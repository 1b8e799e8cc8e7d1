namespace DicomFunctions.Integration.Network;

/// <summary>
/// Connections that break anywhere: by their number and the seed alone, before the request, in it, before the answer, in it; some are
/// closed where they should break.
/// </summary>
internal sealed class RandomToxics(int seed, int requestBytes, int answerBytes)
{
    /// <summary>What is done to a connection.</summary>
    public Toxic Next(int connection)
    {
        var random = new Random((seed * 1_000_003) + connection);
        var ending = random.Next(3) == 0 ? Ending.Close : Ending.Reset;
        return random.Next(6) switch
        {
            0 => Toxic.ResetBeforeRequest with { Ending = ending },
            1 => Toxic.ResetBeforeAnswer with { Ending = ending },
            2 => Toxic.ResetInRequest(random.Next(1, requestBytes)) with { Ending = ending },
            _ => Toxic.ResetInAnswer(random.Next(1, answerBytes)) with { Ending = ending },
        };
    }
}
