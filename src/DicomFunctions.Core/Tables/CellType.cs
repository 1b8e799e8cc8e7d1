namespace DicomFunctions.Core.Tables;

/// <summary>The type of a cell, and of a column.</summary>
internal enum CellType
{
    Text,
    Boolean,

    /// <summary>A 64-bit integer.</summary>
    Integer,

    /// <summary>A decimal number of at most <see cref="DecimalText.MaxDigits"/> digits.</summary>
    Decimal,

    /// <summary>A finite 64-bit floating-point number.</summary>
    Double,

    Date,

    /// <summary>A time of day, to the microsecond.</summary>
    Time,

    /// <summary>A date and a time, to the microsecond, in no stated time zone.</summary>
    Timestamp,
}
