@echo off
rem The door in the place of Windows' desktop (shell-launcher.xml): C:\Kiosk\kiosk-door.cmd
cd /d C:\Kiosk
.venv\Scripts\python.exe -I -m kiosk keep -- run --event C:\Kiosk\event.toml --mode self
exit %errorlevel%
