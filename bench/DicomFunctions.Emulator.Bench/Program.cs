using DicomFunctions.Emulator.Bench;

// Measures the emulator and a bare server in the same run, so that a busy machine slows both. Each server runs in its own process.
//   dotnet run -c Release --project bench/DicomFunctions.Emulator.Bench -- [SECONDS_PER_MEASUREMENT] [CONNECTIONS]
if (args is ["serve", var kind, ..])
{
    return await Server.RunAsync(kind, args.Length > 2 ? args[2] : null);
}

var seconds = args.Length > 0 ? double.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 3;
var connections = args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 5;
await Comparison.RunAsync(TimeSpan.FromSeconds(seconds), connections);
return 0;
