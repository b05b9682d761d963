# The one door to this program on Windows: sets up what is missing, then starts what is asked for.
# The words are those of run.sh. Where scripts are not allowed to run:
#     powershell -ExecutionPolicy Bypass -File run.ps1 demo
# No param block: PowerShell would take arguments such as --verbose for its own.

$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$venv = Join-Path $root '.venv'
$venvPython = Join-Path $venv 'Scripts\python.exe'
$unfinished = Join-Path $venv 'unfinished'

$usage = @'
.\run.ps1 WORD [arguments]

  demo      the demonstration, with or without a camera
  kiosk     any command of the program; `.\run.ps1 kiosk --help` lists them
  doctor    says what is wrong with this machine, and changes nothing
  setup     looks at all that `demo` and `kiosk` need, installs what is missing, starts nothing
  test      the tests (arguments go to pytest)
  lint      the static checks: format, lint, types, imports
  check     the one door for changes: the static checks, then the tests
  bench     the benchmarks; with names (`bench verify`) those files of benchmarks\ alone
  fuzz      a million hostile certificates, or as many as told; `--guided SECONDS` on Linux alone
  shots     pictures of every screen, state, language and size, and a page to leaf through them
  coverage  the tests, and what of kiosk\core they do not reach; fails below 100 %
  mutate    faults put into the core, and how many the tests find; on Linux alone
  help      this text

The first run installs the pinned Python packages into .venv. Later runs start at once.
'@

function Write-Line([string] $text) { [Console]::Error.WriteLine("run.ps1: $text") }

function Stop-Run([string[]] $lines) {
    foreach ($line in $lines) { Write-Line $line }
    exit 2
}

# --- Python ---------------------------------------------------------------------------------

# The upper end is that of PySide6 6.11.
$suits = 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))'

# Runs a command for its exit code alone. Windows' own "python" only opens the Store and fails.
function Test-Command([string] $program, [string[]] $arguments) {
    if (-not (Get-Command $program -ErrorAction SilentlyContinue)) { return $false }
    # Windows PowerShell makes an error record of each line on stderr; that is not a failure here.
    $ErrorActionPreference = 'Continue'
    & $program @arguments 2>&1 | Out-Null
    return $LASTEXITCODE -eq 0
}

# The program, then the arguments that choose the version.
function Find-Python {
    $candidates = @(
        @('py', '-3'), @('python'), @('python3'),
        @('py', '-3.14'), @('py', '-3.13'), @('py', '-3.12'), @('py', '-3.11')
    )
    foreach ($candidate in $candidates) {
        $arguments = @($candidate | Select-Object -Skip 1) + @('-I', '-S', '-c', $suits)
        if (Test-Command $candidate[0] $arguments) { return $candidate }
    }
    Stop-Run @(
        'This program needs Python 3.11 to 3.14, 64 bit, and finds none here.',
        'Remedy: install it from python.org or the Microsoft Store, then start again.'
    )
}

# --- Python packages ------------------------------------------------------------------------

# Where .venv stands and for which Python: a new one looks for its packages in another place.
function Get-Identity {
    if (-not (Test-Path -LiteralPath $venvPython)) { return "$root none" }
    $tag = & $venvPython -I -S -c 'import sys; print(sys.implementation.cache_tag)'
    return "$root $tag"
}

# A file of requirements, then those that it begins with (its lines of -r).
function Get-WithParents([string] $requirements) {
    $requirements
    foreach ($line in Get-Content -LiteralPath (Join-Path $root $requirements)) {
        if ($line -match '^-r (.+)$') { Get-WithParents $Matches[1] }
    }
}

# Everything that the contents of .venv follow from.
function Get-Stamp([string] $requirements) {
    $parts = @(Get-Identity)
    foreach ($name in Get-WithParents $requirements) {
        $parts += (Get-FileHash -LiteralPath (Join-Path $root $name) -Algorithm SHA256).Hash
    }
    return $parts -join ' '
}

function Test-Holds([string] $path, [string] $text) {
    if (-not (Test-Path -LiteralPath $path)) { return $false }
    return [IO.File]::ReadAllText($path) -eq $text
}

function Get-StampPath([string] $requirements) { Join-Path $venv "stamp-$requirements" }

# "unfinished" stands in .venv while something is being put in: a set-up that was killed shows by it.
function Test-UpToDate([string] $requirements) {
    if (Test-Path -LiteralPath $unfinished) { return $false }
    return Test-Holds (Get-StampPath $requirements) (Get-Stamp $requirements)
}

function New-Venv {
    if (Test-Path -LiteralPath $unfinished) { Write-Line 'The last set-up was cut short; beginning again.' }
    if (Test-Path -LiteralPath $venv) { Remove-Item -LiteralPath $venv -Recurse -Force }
    New-Item -ItemType Directory -Path $venv | Out-Null
    [IO.File]::WriteAllText($unfinished, '')
    $python = @(Find-Python)
    $arguments = @($python | Select-Object -Skip 1) + @('-m', 'venv', $venv)
    & $python[0] @arguments
    if ($LASTEXITCODE -ne 0) { Stop-Run 'Python could not make .venv; the lines above tell why.' }
    # The program itself, as a line of path: needs no build and no network, and follows edits.
    # Python reads such a file in UTF-8 (3.13 and later) or in the system's code page (before).
    & $venvPython -I -c @'
import locale, sys, sysconfig
coding = 'utf-8' if sys.version_info >= (3, 13) else locale.getencoding()
with open(sysconfig.get_path('purelib') + '/kiosk.pth', 'w', encoding=coding) as line:
    print(sys.argv[1], file=line)
'@ $root
    if ($LASTEXITCODE -ne 0) { Stop-Run 'The new .venv does not work; the lines above tell why.' }
    [IO.File]::WriteAllText((Join-Path $venv 'made-for'), (Get-Identity))
}

function Install-Wheels([string] $requirements) {
    Write-Line 'Installing the pinned Python packages into .venv (some minutes on a slow line) ...'
    [IO.File]::WriteAllText($unfinished, '')
    # pip writes its error to stderr, which is shown; --only-binary: no compiler is asked for.
    # The benchmarks' packages ask for an older cbor2 than they need; all pins are complete anyway.
    [string[]] $deps = @()
    if ($requirements -eq 'requirements-bench.txt') { $deps = @('--no-deps') }
    & $venvPython -m pip install --quiet --disable-pip-version-check --only-binary ':all:' @deps `
        -r (Join-Path $root $requirements)
    $result = $LASTEXITCODE
    # After an error of its own (1 or 2) pip has taken back what it began: what .venv was good
    # for, it still is. Only a pip that was killed leaves halves.
    if (@(0, 1, 2) -contains $result) { Remove-Item -LiteralPath $unfinished }
    if ($result -ne 0) {
        Stop-Run 'The Python packages could not be installed; the lines above tell why. Is there a connection?'
    }
    foreach ($name in Get-WithParents $requirements) {
        [IO.File]::WriteAllText((Get-StampPath $name), (Get-Stamp $name))
    }
}

function Install-All([string] $requirements) {
    $made = Test-Holds (Join-Path $venv 'made-for') (Get-Identity)
    if ((Test-Path -LiteralPath $unfinished) -or -not $made) { New-Venv }
    Install-Wheels $requirements
    Write-Line 'Ready.'
}

# --- The words ------------------------------------------------------------------------------

function Get-Settings { @(Get-ChildItem Env: | Where-Object Name -Match '^(QT_.*|PYTHONPATH|PYTHONHOME)$') }

# What another program (opencv-python, an IDE) set for its own Qt or Python would break ours;
# which platform Qt uses is the user's to say.
function Clear-Environment {
    Get-Settings | Where-Object Name -NE 'QT_QPA_PLATFORM' | ForEach-Object { Remove-Item "Env:$($_.Name)" }
}

# A script shares its environment with the window it was started in: leave that as it was.
function Restore-Environment([object[]] $before) {
    Get-Settings | ForEach-Object { Remove-Item "Env:$($_.Name)" }
    foreach ($setting in $before) { Set-Item "Env:$($setting.Name)" $setting.Value }
}

# Looks at the machine as it is: sets nothing up, and makes do with a bare Python.
function Start-Doctor([string[]] $arguments) {
    $python = @($venvPython)
    if (-not (Test-Command $venvPython @('-I', '-S', '-c', $suits))) { $python = @(Find-Python) }
    $env:PYTHONPATH = $root
    $all = @($python | Select-Object -Skip 1) + @('-P', '-m', 'kiosk.cli.doctor') + $arguments
    & $python[0] @all
}

# Every step runs, even after one has failed.
$script:failed = @()

function Start-Step([string] $name, [string[]] $command) {
    Write-Host "`n== $name"
    $arguments = @($command | Select-Object -Skip 1)
    & $command[0] @arguments
    if ($LASTEXITCODE -ne 0) { $script:failed += $name }
}

function Complete-Steps {
    if ($script:failed.Count -gt 0) { Stop-Run "Failed: $($script:failed -join ' ')" }
    exit 0
}

function Start-Lint {
    $scripts = Join-Path $venv 'Scripts'
    Start-Step 'format' @((Join-Path $scripts 'ruff.exe'), 'format', '--check')
    Start-Step 'lint' @((Join-Path $scripts 'ruff.exe'), 'check')
    Start-Step 'types' @((Join-Path $scripts 'mypy.exe'))
    Start-Step 'imports' @((Join-Path $scripts 'lint-imports.exe'))
}

# Names of files in benchmarks\, with or without .py, all of them without any; then options.
function Start-Bench([string[]] $arguments) {
    $here = @(Get-ChildItem 'benchmarks' -Filter '*.py' | ForEach-Object BaseName)
    $count = 0
    while ($count -lt $arguments.Count -and $arguments[$count] -notlike '-*') { $count++ }
    $options = @($arguments | Select-Object -Skip $count)
    $names = @($arguments | Select-Object -First $count | ForEach-Object { [IO.Path]::GetFileNameWithoutExtension($_) })
    foreach ($name in $names) {
        if ($here -notcontains $name) { Stop-Run "There is no benchmark ""$name""; here are: $here" }
    }
    if ($names.Count -eq 0) { $names = $here }
    foreach ($name in $names) {
        Start-Step $name (@($venvPython, (Join-Path 'benchmarks' "$name.py")) + $options)
    }
}

# Without the tests of windows and cameras, which reach nothing more of the core and take long.
function Start-Coverage([string[]] $arguments) {
    New-Item -ItemType Directory -Force -Path 'build' | Out-Null
    $others = @('--ignore-glob=*/test_gui_*', '--ignore=tests/test_bootstrap.py', '--ignore=tests/test_camera.py',
        '--ignore=tests/test_demo.py', '--ignore=tests/test_webcam.py')
    Start-Step 'tests' (@($venvPython, '-m', 'coverage', 'run', '-m', 'pytest') + $others + $arguments)
    Start-Step 'coverage' @($venvPython, '-m', 'coverage', 'report')
}

function Start-Word([string] $word, [string[]] $rest) {
    switch ($word) {
        # -P: a json.py in the folder that one stands in is not the program's business
        'demo' { & $venvPython -P -m kiosk demo @rest }
        'kiosk' { & $venvPython -P -m kiosk @rest }
        'setup' { Install-All 'requirements.txt'; exit 0 }
        'doctor' { Start-Doctor $rest }
        'test' { & $venvPython -m pytest @rest }
        'lint' { Start-Lint; Complete-Steps }
        'check' { Start-Lint; Start-Step 'tests' (@($venvPython, '-m', 'pytest') + $rest); Complete-Steps }
        'bench' { Start-Bench $rest; Complete-Steps }
        'fuzz' { & $venvPython -m tests.fuzz @rest }
        'shots' { & $venvPython -m tests.shots @rest }
        'coverage' { Start-Coverage $rest; Complete-Steps }
        'mutate' { Stop-Run 'mutate needs fork, which Windows has not: use run.sh on Linux or in WSL.' }
        { $_ -in 'help', '--help', '-h' } { Write-Host $usage; exit 0 }
        default { Write-Host $usage; Stop-Run "There is no word ""$word""." }
    }
    exit $LASTEXITCODE
}

$word = 'help'
if ($args.Count -gt 0) { $word = [string] $args[0] }
[string[]] $rest = @($args | Select-Object -Skip 1)
$needs = switch ($word) {
    { $_ -in 'demo', 'kiosk' } { 'requirements.txt' }
    { $_ -in 'test', 'lint', 'check', 'fuzz', 'coverage', 'shots' } { 'requirements-test.txt' }
    'bench' { 'requirements-bench.txt' }
}
$before = Get-Settings
Push-Location
try {
    Clear-Environment
    if ($needs -and -not (Test-UpToDate $needs)) { Install-All $needs }
    if ($needs -like 'requirements-*') { Set-Location -LiteralPath $root }
    if ($word -in 'test', 'check', 'coverage') { $env:QT_QPA_PLATFORM = 'offscreen' }
    Start-Word $word $rest
}
finally {
    Pop-Location
    Restore-Environment $before
}
