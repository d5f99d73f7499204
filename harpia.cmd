@echo off
rem Runs Harpia: finds a JDK 25 or newer, builds when the sources are newer than the last build, starts the command line.
rem JVM options come from JDK_JAVA_OPTIONS.
setlocal EnableExtensions DisableDelayedExpansion
set "ROOT=%~dp0"
set "JDK="

if defined JAVA_HOME call :try "%JAVA_HOME%"
for /f "delims=" %%J in ('where javac 2^>nul') do if not defined JDK call :try "%%~dpJ.."
for %%V in ("%ProgramFiles%\Java" "%ProgramFiles%\Eclipse Adoptium" "%ProgramFiles%\Microsoft" "%ProgramFiles%\Zulu" "%ProgramFiles%\Amazon Corretto" "%USERPROFILE%\.jdks") do (
  if exist "%%~V" for /d %%J in ("%%~V\*") do if not defined JDK call :try "%%~J"
)
if not defined JDK (
  echo harpia: no JDK 25 or newer found in JAVA_HOME, on the PATH or in the usual folders. Install one, or set JAVA_HOME to it. 1>&2
  exit /b 1
)
for %%B in (25 25.0.0 25.0.1 25.0.2) do if "%VERSION%"=="%%B" (
  echo harpia: warning: JDK %VERSION% in %JDK% can corrupt memory with its default collector ^(JDK-8377811^); 25.0.3 or newer does not. 1>&2
)

set "MODULE=models"
set "JAR=%ROOT%models\target\quick\harpia.jar"
set "FOLDERS='simd','ffi-blas','nn','models'"
set "SKIP="
if "%~1"=="bench" (
  set "MODULE=bench"
  set "JAR=%ROOT%bench\target\quick\harpia-bench.jar"
  set "FOLDERS='simd','ffi-blas','nn','models','tests','bench'"
  set "SKIP=1"
)
set "STATE=%ROOT%target\quick"
set "STAMP=%STATE%\%MODULE%.built"

if not exist "%JAR%" goto build
if not exist "%STAMP%" goto build
powershell -NoProfile -Command "$t = (Get-Item -LiteralPath $env:STAMP).LastWriteTimeUtc; $p = @($env:ROOT + 'pom.xml'); foreach ($f in %FOLDERS%) { $p += $env:ROOT + $f + '\pom.xml'; $p += $env:ROOT + $f + '\src\main' }; $n = @(Get-Item -LiteralPath $p) + @(Get-ChildItem -LiteralPath $p -Recurse) | Where-Object { $_.LastWriteTimeUtc -gt $t }; if ($n) { exit 1 }"
if errorlevel 1 goto build
goto run

:build
where mvn >nul 2>nul
if errorlevel 1 (
  echo harpia: Maven is needed to build: there is no mvn on the PATH. Install Maven 3.8.7 or newer. 1>&2
  exit /b 1
)
if not exist "%STATE%" mkdir "%STATE%"
set "LOG=%STATE%\%MODULE%.log"
echo harpia: building (once, and after changes); Maven writes to %LOG% 1>&2
type nul > "%STAMP%.new"
setlocal
set "JDK_JAVA_OPTIONS="
set "JAVA_HOME=%JDK%"
pushd "%ROOT%"
call mvn -B -Pquick -pl %MODULE% -am package > "%LOG%" 2>&1 < nul
set "CODE=%ERRORLEVEL%"
popd
endlocal & set "CODE=%CODE%"
if not "%CODE%"=="0" (
  findstr /b /c:"[ERROR]" "%LOG%" 1>&2
  echo harpia: the build failed; all of Maven's output is in %LOG% 1>&2
  exit /b 1
)
move /y "%STAMP%.new" "%STAMP%" >nul

:run
if not defined SKIP (
  "%JDK%\bin\java" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -jar "%JAR%" %*
  exit /b
)
rem "shift" leaves %%* alone: cut the first word off by hand.
for /f "tokens=1,* delims= " %%A in ("%*") do set "REST=%%B"
"%JDK%\bin\java" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -jar "%JAR%" %REST%
exit /b

rem Sets JDK and VERSION if %1 is the home of a JDK 25 or newer, which says its version in the file "release".
:try
if not exist "%~1\bin\javac.exe" exit /b
if not exist "%~1\release" exit /b
set "FOUND="
for /f "tokens=2 delims==" %%R in ('findstr /b /c:"JAVA_VERSION=" "%~1\release"') do set "FOUND=%%~R"
if not defined FOUND exit /b
for /f "delims=.-+" %%M in ("%FOUND%") do if %%M GEQ 25 (
  set "JDK=%~f1"
  set "VERSION=%FOUND%"
)
exit /b
