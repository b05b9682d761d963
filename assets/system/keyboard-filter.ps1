# Windows 10/11 Enterprise, Education, IoT Enterprise, as administrator, once; then restart.
# Blocks the keys that Windows keeps for itself, for everybody but administrators. Breaking out is
# five times the key of BreakoutKeyScanCode: by default the left Windows key, which any visitor has
# under a finger. 0x46 is Scroll Lock; a keyboard without one has no way to break out, which is best.
$ErrorActionPreference = 'Stop'
Enable-WindowsOptionalFeature -Online -FeatureName Client-KeyboardFilter -All -NoRestart | Out-Null
$keyboard = @{ Namespace = 'root\standardcimv2\embedded' }

$blocked = 'Alt+F4', 'Alt+Tab', 'Alt+Esc', 'Alt+Space', 'Ctrl+Esc', 'Ctrl+Alt+Del',
    'Ctrl+F4', 'Ctrl+Tab', 'Shift+Ctrl+Esc', 'Windows', 'Win+D', 'Win+E', 'Win+L', 'Win+M', 'Win+R',
    'Win+U', 'LShift+LAlt+NumLock', 'LShift+LAlt+PrintScrn', 'BrowserHome', 'LaunchMail',
    'LaunchMediaSelect', 'LaunchApp1', 'LaunchApp2', 'Application'
foreach ($id in $blocked) {
    $key = Get-CimInstance @keyboard -ClassName WEKF_PredefinedKey | Where-Object Id -EQ $id
    if ($key) { $key.Enabled = 1; Set-CimInstance -InputObject $key }
    else { Write-Warning "This Windows knows no key $id" }
}

$settings = @{
    DisableKeyboardFilterForAdministrators = 'true'
    ForceOffAccessibility                  = 'true'
    BreakoutKeyScanCode                    = '70' # 0x46
}
foreach ($name in $settings.Keys) {
    $setting = Get-CimInstance @keyboard -ClassName WEKF_Settings | Where-Object Name -EQ $name
    $setting.Value = $settings[$name]
    Set-CimInstance -InputObject $setting
}
