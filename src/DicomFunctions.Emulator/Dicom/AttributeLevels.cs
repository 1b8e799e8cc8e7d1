using System.Collections.Frozen;

namespace DicomFunctions.Emulator.Dicom;

/// <summary>
/// Which entity of the information model an attribute describes (PS3.3 §A.1.2): those of the patient, study and series modules are listed,
/// every other one is an instance's.
/// </summary>
internal static class AttributeLevels
{
    private const string StudyKeywords = """
        StudyDate StudyTime AccessionNumber IssuerOfAccessionNumberSequence ModalitiesInStudy SOPClassesInStudy
        ReferringPhysicianName ReferringPhysicianAddress ReferringPhysicianTelephoneNumbers
        ReferringPhysicianIdentificationSequence StudyDescription ProcedureCodeSequence PhysiciansOfRecord
        PhysiciansOfRecordIdentificationSequence NameOfPhysiciansReadingStudy PhysiciansReadingStudyIdentificationSequence
        AdmittingDiagnosesDescription AdmittingDiagnosesCodeSequence ReferencedStudySequence ReferencedPatientSequence PatientName
        PatientID IssuerOfPatientID TypeOfPatientID IssuerOfPatientIDQualifiersSequence PatientBirthDate PatientBirthTime
        PatientSex PatientInsurancePlanCodeSequence OtherPatientIDs OtherPatientNames OtherPatientIDsSequence PatientBirthName
        PatientAge PatientSize PatientWeight PatientAddress PatientMotherBirthName MedicalAlerts Allergies CountryOfResidence
        PatientTelephoneNumbers EthnicGroup Occupation SmokingStatus AdditionalPatientHistory PregnancyStatus LastMenstrualDate
        PatientReligiousPreference PatientSpeciesDescription PatientSpeciesCodeSequence PatientSexNeutered PatientBreedDescription
        ResponsiblePerson PatientComments ClinicalTrialSponsorName ClinicalTrialProtocolID ClinicalTrialProtocolName
        ClinicalTrialSiteID ClinicalTrialSiteName ClinicalTrialSubjectID ClinicalTrialTimePointID PatientIdentityRemoved
        DeidentificationMethod DeidentificationMethodCodeSequence StudyInstanceUID StudyID NumberOfStudyRelatedSeries
        NumberOfStudyRelatedInstances RequestingPhysician RequestingService RequestedProcedureDescription
        RequestedProcedureCodeSequence AdmissionID RequestedProcedureID ReasonForTheRequestedProcedure
        ReasonForPerformedProcedureCodeSequence
        """;

    private const string SeriesKeywords = """
        SeriesDate SeriesTime Modality PresentationIntentType Manufacturer InstitutionName InstitutionAddress
        InstitutionCodeSequence StationName SeriesDescription SeriesDescriptionCodeSequence InstitutionalDepartmentName
        PerformingPhysicianName PerformingPhysicianIdentificationSequence OperatorsName OperatorIdentificationSequence
        ManufacturerModelName ReferencedPerformedProcedureStepSequence RelatedSeriesSequence BodyPartExamined DeviceSerialNumber
        SoftwareVersions ProtocolName DateOfLastCalibration TimeOfLastCalibration SeriesInstanceUID SeriesNumber
        FrameOfReferenceUID Laterality PositionReferenceIndicator NumberOfSeriesRelatedInstances PerformedStationAETitle
        PerformedStationName PerformedProcedureStepStartDate PerformedProcedureStepStartTime PerformedProcedureStepEndDate
        PerformedProcedureStepEndTime PerformedProcedureStepStatus PerformedProcedureStepID PerformedProcedureStepDescription
        PerformedProtocolCodeSequence RequestAttributesSequence CommentsOnThePerformedProcedureStep SeriesType Units
        """;

    /// <summary>The attributes of a study, those of its patient included.</summary>
    public static readonly FrozenSet<uint> Study = TagsOf(StudyKeywords);

    /// <summary>The attributes of a series.</summary>
    public static readonly FrozenSet<uint> Series = TagsOf(SeriesKeywords);

    public static AttributeLevel Of(uint tag) =>
        Study.Contains(tag) ? AttributeLevel.Study : Series.Contains(tag) ? AttributeLevel.Series : AttributeLevel.Instance;

    private static FrozenSet<uint> TagsOf(string keywords) =>
        keywords.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(keyword => DicomDictionary.Find(keyword)!.Tag).ToFrozenSet();
}
