package receipt

import "time"

// The slip's words. It is a paper of a Vietnamese office, so it has one language whatever the screen spoke.
const (
	wordTitle      = "PHIẾU TIẾP NHẬN"
	wordSubtitle   = "(tại ki-ốt)"
	wordReprint    = "In lại lần %d"
	wordNumber     = "Số phiếu"
	wordScan1      = "Đưa mã này vào ô quét"
	wordScan2      = "để xem hồ sơ đến đâu"
	wordApplicant  = "Người nộp"
	wordPersonal   = "Số định danh"
	wordProcedure  = "Thủ tục"
	wordFiled      = "Nộp lúc"
	wordPapers     = "Giấy tờ đã nộp"
	wordMissing    = "Còn thiếu"
	wordTicket     = "Số chờ: %d"
	wordWait       = "Số chờ của ông/bà"
	wordCalled     = "Xin ngồi chờ. Số này hiện trên màn hình và được đọc to khi đến lượt."
	wordDue        = "Hẹn trả kết quả"
	wordDueIf      = "Hẹn trả kết quả (khi đủ giấy tờ)"
	wordDueLater1  = "Cán bộ báo sau"
	wordDueLater2  = "khi nhận hồ sơ"
	wordSent       = "Chưa nộp ở đây"
	wordSent1      = "Mang phiếu và"
	wordSent2      = "tờ khai đi nộp"
	wordHandIn     = "Nộp tại"
	wordHour       = "%d giờ %02d"
	wordBring      = "Mang theo"
	wordFee        = "Lệ phí"
	wordPlace      = "Nơi trả"
	wordPhone      = "Điện thoại"
	wordNoOfficial = "Số phiếu này không phải mã hồ sơ chính thức. Mã chính thức được cấp khi cán bộ tiếp nhận hồ sơ."
	wordFooter     = "%s · lệnh in %06d"

	dayFormat = "02/01/2006"
)

func weekdayLong(t time.Time) string {
	return [...]string{"Chủ nhật", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy"}[t.Weekday()]
}

func weekdayShort(t time.Time) string {
	return [...]string{"CN", "T2", "T3", "T4", "T5", "T6", "T7"}[t.Weekday()]
}
