using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DicomFunctions.Fuzz.Tests.Generators;
using Xunit.Sdk;

namespace DicomFunctions.Fuzz.Tests.Harness;

/// <summary>
/// Checks a property on inputs made from a fixed seed, so that every run tries the same ones; a failure tells the smallest input that
/// fails, and the seed. <c>DICOMFUNCTIONS_FUZZ_RUNS=200</c> makes it 200 times as many, <c>DICOMFUNCTIONS_FUZZ_SEED</c> others.
/// </summary>
internal static class Fuzzing
{
    private static readonly ulong Seed = Setting("DICOMFUNCTIONS_FUZZ_SEED", 20_261_122);
    private static readonly int Times = (int)Setting("DICOMFUNCTIONS_FUZZ_RUNS", 1);

    private static readonly JsonSerializerOptions TuplesToo = new() { IncludeFields = true };

    /// <summary>Fails when the property throws, or takes forever, for one of <paramref name="runs"/> inputs.</summary>
    public static void Check<T>(Arbitrary<T> inputs, Action<T> property, int runs = 500, [CallerMemberName] string name = "")
    {
        var cases = new GuardedCases<T>(property);
        var config = Config.QuickThrowOnFailure
            .WithName(name)
            .WithMaxTest(runs * Times)
            .WithQuietOnSuccess(true)
            .WithReplay(new Replay(new Rnd(Seed), size: null));
        var unexpected = cases.Run(() => FsCheck.Check.One(config, Prop.ForAll(inputs, cases.Try)));
        if (cases.Failure is { } failure)
            throw new XunitException($"{name} fails (seed {Seed}) for\n{Described(failure.Input)}\n{failure.Exception}");
        if (unexpected is not null)
            throw new XunitException($"{name} could not be checked (seed {Seed}): {unexpected}");
    }

    /// <summary>Checks a property on one input, under the same guard.</summary>
    public static void Replay<T>(T input, Action<T> property)
    {
        var cases = new GuardedCases<T>(property);
        if (cases.Run(() => cases.Try(input)) is { } exception)
            throw new XunitException($"It fails for\n{input}\n{exception}");
    }

    /// <summary>So that it can be tried again by hand.</summary>
    private static string Described<T>(T input) =>
        input is Input or DicomSample ? input.ToString()! : JsonSerializer.Serialize(input, TuplesToo);

    private static ulong Setting(string name, ulong otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
