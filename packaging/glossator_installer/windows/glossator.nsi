; Glossator for Windows: set up for one person, without an administrator.
;
; Not run on Windows yet; compiled with makensis and a small payload, and with that run under Wine
; (silently: installed, refused while running, upgraded, removed; the parts beside it were not, since
; Wine has no tar).
;
; packaging/glossator_installer/nsis.py compiles it and defines VERSION, FILE_VERSION (four numbers), OUTFILE,
; ICON, NEEDED_MB and PAYLOAD, a script of its own that puts the program into $INSTDIR.new. A new
; version is unpacked beside the one that is installed and takes its place by renaming, so that a
; full disk or an interruption leaves the old one working. Silent: /S, with /D=FOLDER as the last
; argument; it ends with 0 where it did what it should, else with another number.

Unicode true
Target amd64-unicode
SetCompressor lzma
SetCompressorDictSize 32
; The times of files would make two builds of one program differ.
SetDateSave off
AllowSkipFiles off
RequestExecutionLevel user
ManifestDPIAware true
ManifestSupportedOS Win10

!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!include WinVer.nsh

!define PROGRAM "glossator-window.exe"
!define PROJECT "Glossator.Project"
!define REMOVAL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Glossator"

Name "Glossator"
OutFile "${OUTFILE}"
InstallDir "$LOCALAPPDATA\Programs\Glossator"
InstallDirRegKey HKCU "${REMOVAL}" "InstallLocation"
BrandingText "Glossator ${VERSION}"
VIProductVersion "${FILE_VERSION}"
VIAddVersionKey "ProductName" "Glossator"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Sets up Glossator"
VIAddVersionKey "LegalCopyright" "Apache-2.0"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\${PROGRAM}"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; --- refusals: what happened, what was kept, what to do -----------------------------------------

!macro REFUSE SENTENCE
  MessageBox MB_OK|MB_ICONSTOP "${SENTENCE}" /SD IDOK
  SetErrorLevel 1
  Abort "${SENTENCE}"
!macroend
!define Refuse "!insertmacro REFUSE"

; A program that runs cannot be opened for writing.
!macro LOOK_WHETHER_RUNNING FILE
  ${If} ${FileExists} "$INSTDIR\${FILE}"
    ClearErrors
    FileOpen $1 "$INSTDIR\${FILE}" a
    ${If} ${Errors}
      StrCpy $0 "running"
    ${Else}
      FileClose $1
    ${EndIf}
  ${EndIf}
!macroend

!macro REFUSE_WHILE_RUNNING PREFIX
Function ${PREFIX}RefuseWhileRunning
  again:
  StrCpy $0 ""
  !insertmacro LOOK_WHETHER_RUNNING "${PROGRAM}"
  !insertmacro LOOK_WHETHER_RUNNING "glossator.exe"
  ${If} $0 == "running"
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION \
      "Glossator is running. Close its window, and wait until a training in it has ended; \
      your labels are on disk already." /SD IDCANCEL IDRETRY again
    SetErrorLevel 1
    Abort "Nothing was changed: Glossator is running from $INSTDIR. Close it and try again."
  ${EndIf}
FunctionEnd
!macroend
!insertmacro REFUSE_WHILE_RUNNING ""
!insertmacro REFUSE_WHILE_RUNNING "un."

; Only a folder that is surely Glossator's is ever replaced.
Function RefuseForeignFolder
  ${DirState} "$INSTDIR" $0
  ${If} $0 == 1
  ${AndIfNot} ${FileExists} "$INSTDIR\uninstall.exe"
    ${Refuse} "Nothing was installed: $INSTDIR holds something that is not Glossator, and it was \
      not touched. Choose another folder."
  ${EndIf}
FunctionEnd

Function RefuseFullDisk
  ${GetRoot} "$INSTDIR" $0
  ClearErrors
  ${DriveSpace} "$0\" "/D=F /S=M" $1
  ${IfNot} ${Errors}
  ${AndIf} $1 < ${NEEDED_MB}
    ${Refuse} "Nothing was installed: Glossator needs ${NEEDED_MB} MB on drive $0, and $1 MB are \
      free. Free some space and start this again."
  ${EndIf}
FunctionEnd

; --- parts of the program beside this setup, used by PAYLOAD where one file cannot hold it -------

!macro NEED_PART FILE
  ${IfNot} ${FileExists} "$EXEDIR\${FILE}"
    ${Refuse} "Nothing was installed: the file ${FILE} belongs beside this setup and is missing in \
      $EXEDIR. Put it there and start this again."
  ${EndIf}
!macroend

; tar is part of Windows since the version that Qt needs, and reads zip files.
!macro UNPACK_PART FILE
  DetailPrint "Unpacking ${FILE} ..."
  nsExec::ExecToLog '"$SYSDIR\tar.exe" -x -f "$EXEDIR\${FILE}"'
  Pop $0
  ${If} $0 != "0"
    ${Refuse} "Nothing was installed: ${FILE} could not be unpacked (tar: $0). What was there \
      before is unchanged. Fetch that file again, and see that the disk is not full."
  ${EndIf}
!macroend

; --- setting up ----------------------------------------------------------------------------------

Function .onInit
  ${IfNot} ${AtLeastWin10}
    ${Refuse} "Nothing was installed: Glossator needs Windows 10 or later."
  ${EndIf}
FunctionEnd

Section "Glossator"
  ; What an earlier setup left that was ended between its two renamings.
  ${IfNot} ${FileExists} "$INSTDIR\*.*"
    Rename "$INSTDIR.old" "$INSTDIR"
  ${EndIf}
  RMDir /r "$INSTDIR.old"
  RMDir /r "$INSTDIR.new"
  Call RefuseForeignFolder
  Call RefuseWhileRunning
  Call RefuseFullDisk
  ClearErrors
  SetOutPath "$INSTDIR.new"
  ${If} ${Errors}
    ${Refuse} "Nothing was installed: the folder $INSTDIR cannot be made. Choose another folder."
  ${EndIf}
  !include "${PAYLOAD}"
  ${If} ${Errors}
    ${Refuse} "Nothing was installed: a file could not be written. What was there before is \
      unchanged. See that the disk is not full, and start this again."
  ${EndIf}
  WriteUninstaller "$INSTDIR.new\uninstall.exe"
  ; A folder that is somebody's current one can be neither renamed nor removed.
  SetOutPath "$TEMP"
  Call RefuseWhileRunning ; it may have been started while this unpacked
  ${If} ${FileExists} "$INSTDIR\*.*"
    ClearErrors
    Rename "$INSTDIR" "$INSTDIR.old"
    ${If} ${Errors}
      ${Refuse} "Nothing was installed: $INSTDIR is in use by another program. The version in it \
        is unchanged. Close what has it open, and start this again."
    ${EndIf}
  ${EndIf}
  ClearErrors
  Rename "$INSTDIR.new" "$INSTDIR"
  ${If} ${Errors}
    Rename "$INSTDIR.old" "$INSTDIR"
    ${Refuse} "Nothing was installed: $INSTDIR cannot be made. What was there before is back."
  ${EndIf}
  RMDir /r "$INSTDIR.old"
  Call AddEntries
SectionEnd

Function .onInstFailed
  SetOutPath "$TEMP"
  RMDir /r "$INSTDIR.new"
FunctionEnd

Function AddEntries
  CreateShortcut "$SMPROGRAMS\Glossator.lnk" "$INSTDIR\${PROGRAM}"
  WriteRegStr HKCU "Software\Classes\${PROJECT}" "" "Glossator project"
  WriteRegStr HKCU "Software\Classes\${PROJECT}\DefaultIcon" "" '"$INSTDIR\${PROGRAM}",0'
  WriteRegStr HKCU "Software\Classes\${PROJECT}\shell\open\command" "" \
    '"$INSTDIR\${PROGRAM}" "%1"'
  WriteRegStr HKCU "Software\Classes\.glossator" "" "${PROJECT}"
  WriteRegStr HKCU "Software\Classes\.glossator\OpenWithProgids" "${PROJECT}" ""
  WriteRegStr HKCU "${REMOVAL}" "DisplayName" "Glossator"
  WriteRegStr HKCU "${REMOVAL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${REMOVAL}" "DisplayIcon" '"$INSTDIR\${PROGRAM}",0'
  WriteRegStr HKCU "${REMOVAL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${REMOVAL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${REMOVAL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  SectionGetSize 0 $0
  WriteRegDWORD HKCU "${REMOVAL}" "EstimatedSize" $0
  WriteRegDWORD HKCU "${REMOVAL}" "NoModify" 1
  WriteRegDWORD HKCU "${REMOVAL}" "NoRepair" 1
  ; The Explorer reads anew what kinds of files there are.
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
FunctionEnd

; --- removing: the program and its entries; projects, settings and models are left ----------------

Section "Uninstall"
  Call un.RefuseWhileRunning
  SetOutPath "$TEMP"
  RMDir /r "$INSTDIR"
  ; Another Glossator, in another folder, may be what these lead to.
  ReadRegStr $0 HKCU "${REMOVAL}" "InstallLocation"
  ${If} $0 == $INSTDIR
    Delete "$SMPROGRAMS\Glossator.lnk"
    DeleteRegKey HKCU "${REMOVAL}"
    DeleteRegKey HKCU "Software\Classes\${PROJECT}"
    DeleteRegValue HKCU "Software\Classes\.glossator\OpenWithProgids" "${PROJECT}"
    DeleteRegKey /ifempty HKCU "Software\Classes\.glossator\OpenWithProgids"
    ReadRegStr $0 HKCU "Software\Classes\.glossator" ""
    ${If} $0 == "${PROJECT}"
      DeleteRegValue HKCU "Software\Classes\.glossator" ""
    ${EndIf}
    DeleteRegKey /ifempty HKCU "Software\Classes\.glossator"
    System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
  ${EndIf}
  DetailPrint "Your projects, settings and models are left."
SectionEnd
