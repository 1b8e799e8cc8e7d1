# ./test for Windows: builds everything and runs the tests of what runs there. The last line is 'N passed, N failed, N skipped'.
#   ./test.ps1               runs all that can run
#   ./test.ps1 Core Local    runs only the test projects whose names contain one of these words
# Some tests start shells, send Unix signals or read file modes; they run under WSL, Linux or macOS: ./test.
$ErrorActionPreference = 'Stop'
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
if (-not $env:UseContracts) { $env:UseContracts = 'false' }

if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    [Console]::Error.WriteLine('test: install the .NET 10 SDK: https://dotnet.microsoft.com/download')
    exit 2
}

$words = @($args)
$onlyUnix = 'Process', 'Deployment', 'Integration', 'EndToEnd'
$passed = 0; $failed = 0; $skipped = 0
foreach ($project in Get-ChildItem (Join-Path $PSScriptRoot 'tests/*.Tests/*.csproj')) {
    $name = $project.BaseName
    if ($words.Count -gt 0 -and -not ($words | Where-Object { $name.Contains($_) })) { continue }
    if ($IsWindows -and ($onlyUnix | Where-Object { $name.Contains($_) })) { "${name}: runs on Linux and macOS only"; continue }

    $log = dotnet test $project.FullName -c Release -v quiet --logger 'console;verbosity=normal' 2>&1 | Out-String
    $status = $LASTEXITCODE
    function Count($word) { if ($log -match "(?m)^ +${word}: (\d+)\r?$") { [int]$Matches[1] } else { 0 } }
    $p = Count 'Passed'; $f = Count 'Failed'; $s = Count 'Skipped'
    # A run that crashed, or ran no test, has failed, whatever it counted.
    if ($f -eq 0 -and ($status -ne 0 -or $p + $s -eq 0)) { $f = 1 }
    "${name}: $p passed, $f failed, $s skipped"
    if ($f -gt 0) { $log }
    $passed += $p; $failed += $f; $skipped += $s
}
"$passed passed, $failed failed, $skipped skipped"
exit ($failed -gt 0 -or $passed -eq 0 ? 1 : 0)
