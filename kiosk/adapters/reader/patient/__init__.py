"""The patient look: codes that no engine reads from the frame as it is."""

from kiosk.adapters.reader.patient.reader import PatientReader as PatientReader
