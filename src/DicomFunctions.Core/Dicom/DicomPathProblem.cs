namespace DicomFunctions.Core.Dicom;

/// <summary>Why a text is not the path of an instance.</summary>
/// <param name="Code">A stable code for programs: <c>empty</c>, <c>not_a_dicom_store</c>, <c>study_level</c>, <c>series_level</c>,
/// <c>empty_id</c>, <c>bad_id</c>, <c>bad_uid</c> or <c>malformed</c>.</param>
/// <param name="Message">A message for people. Does not repeat the text.</param>
internal sealed record DicomPathProblem(string Code, string Message);
