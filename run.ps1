# ./run for Windows: builds and runs DicomFunctions on this machine.
#   ./run.ps1               starts an emulated DICOM store, the API and the drop folder, uploads a synthetic series, and stays up
#   ./run.ps1 --once DIR    sends every file below DIR through the whole loop, and ends with one line of JSON
# Other arguments are passed to 'dicomfn demo'. The function app runs under WSL: ./run functions.
$ErrorActionPreference = 'Stop'
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'

if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    [Console]::Error.WriteLine('run: install the .NET 10 SDK: https://dotnet.microsoft.com/download')
    exit 2
}
if ($args.Count -gt 0 -and $args[0] -eq 'functions') {
    [Console]::Error.WriteLine("run: the function app's inner loop needs bash: run ./run functions under WSL, Linux or macOS")
    exit 2
}

[Console]::Error.WriteLine('Building.')
dotnet publish (Join-Path $PSScriptRoot 'src/DicomFunctions.Local') -c Release --use-current-runtime --self-contained false `
    -o (Join-Path $PSScriptRoot 'artifacts/dicomfn') -v quiet -clp:ErrorsOnly | ForEach-Object { [Console]::Error.WriteLine($_) }
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }

$given = @($args)
if ($given -notcontains '--data') { $given = @('--data', (Join-Path $PSScriptRoot '.dicomfn')) + $given }
& (Join-Path $PSScriptRoot 'artifacts/dicomfn/dicomfn') demo @given
exit $LASTEXITCODE
