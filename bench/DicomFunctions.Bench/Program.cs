using DicomFunctions.Bench;

// Measures jobs against the bare floor, each in its own process. See docs/performance.md, and bench/run, which runs everything.
//   dotnet run -c Release --project bench/DicomFunctions.Bench -- [--quick] [SECTION...]
if (args is ["floor"])
    return await FloorLoop.RunAsync();

var sections = args.Where(arg => arg != "--quick").ToArray();
if (sections.Except(Bench.Sections).Any())
{
    Console.Error.WriteLine($"The sections are {string.Join(", ", Bench.Sections)}.");
    return 2;
}

await new Bench(isQuick: args.Contains("--quick")).RunAsync(sections.Length == 0 ? Bench.Sections : sections);
return 0;
